/** A photo as a camera makes it: with its place, and large enough to be made smaller. */

const GPS_EXIF = [
  ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0],
  ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
  ...[0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0],
]

export async function samplePhoto(name: string, width = 2400, height = 1600): Promise<File> {
  const canvas = new OffscreenCanvas(width, height)
  const brush = canvas.getContext('2d')
  if (brush === null) throw new Error('no canvas')
  const sky = brush.createLinearGradient(0, 0, 0, height)
  sky.addColorStop(0, 'rgb(60 90 150)')
  sky.addColorStop(1, 'rgb(240 200 150)')
  brush.fillStyle = sky
  brush.fillRect(0, 0, width, height)
  // Many edges, so that it has the bytes of a photo.
  for (let at = 0; at < 30_000; at += 1) {
    brush.fillStyle = `rgb(${(at * 37) % 255} ${(at * 91) % 255} ${(at * 53) % 255} / 40%)`
    brush.fillRect((at * 7_919) % width, height / 2 + ((at * 104_729) % (height / 2)), 14, 9)
  }
  const drawn = new Uint8Array(
    await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.98 })).arrayBuffer(),
  )
  return new File([drawn.slice(0, 2), Uint8Array.from(GPS_EXIF), drawn.slice(2)], name, {
    type: 'image/jpeg',
  })
}
