/// Upstream's default plugins, one class each. `DefaultPlugins` lists them in upstream's order,
/// with upstream's weights.
package dev.tiphys.scheduler.plugins;
