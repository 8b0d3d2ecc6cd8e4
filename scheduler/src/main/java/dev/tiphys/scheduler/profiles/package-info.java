/// From what a configuration says to plugins in their places.
package dev.tiphys.scheduler.profiles;
