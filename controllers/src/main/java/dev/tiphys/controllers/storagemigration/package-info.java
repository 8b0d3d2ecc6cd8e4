/// Writes stored objects again, so that they are stored in the version that their resource is
/// stored in now.
package dev.tiphys.controllers.storagemigration;
