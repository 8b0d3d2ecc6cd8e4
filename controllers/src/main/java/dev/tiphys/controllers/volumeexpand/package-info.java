/// Tells of claims that want to grow: upstream's expand-controller. What enlarges volumes is their
/// driver's program.
package dev.tiphys.controllers.volumeexpand;
