/// Upstream's default plugins, one class each. `DefaultPlugins` makes them; their order and weights
/// are the configuration's.
package dev.tiphys.scheduler.plugins;
