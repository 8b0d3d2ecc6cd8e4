/// Volumes and snapshots on this machine's disk, whatever is killed when.
package dev.tiphys.storage.volumes;
