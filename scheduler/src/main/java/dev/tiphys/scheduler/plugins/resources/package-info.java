/// Plugins about what nodes have and Pods ask for.
package dev.tiphys.scheduler.plugins.resources;
