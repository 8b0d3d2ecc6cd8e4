/// Volumes, claims and classes that are to be deleted stay until nothing uses them.
package dev.tiphys.controllers.protection;
