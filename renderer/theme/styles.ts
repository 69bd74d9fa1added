/** All global styles, in their order. Mantine's lie in a layer, so that ours win without a fight. */

import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@mantine/spotlight/styles.layer.css'
import './tokens.css'
import './base.css'
