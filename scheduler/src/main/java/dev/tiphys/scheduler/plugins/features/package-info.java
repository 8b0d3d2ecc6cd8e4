/// What nodes declare that they can do.
package dev.tiphys.scheduler.plugins.features;
