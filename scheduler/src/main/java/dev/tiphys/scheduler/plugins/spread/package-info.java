/// The plugin that spreads Pods evenly.
package dev.tiphys.scheduler.plugins.spread;
