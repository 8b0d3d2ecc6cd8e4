/// The disks of this machine: programs, files, mounts, loop devices, quotas.
package dev.tiphys.storage.host;
