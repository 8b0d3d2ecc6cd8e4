/// Binds claims and volumes to each other, and decides what becomes of volumes that were given
/// back: upstream's persistentvolume-controller.
package dev.tiphys.controllers.volumebinder;
