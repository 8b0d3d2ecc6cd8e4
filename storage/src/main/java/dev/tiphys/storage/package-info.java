/// Volumes on the disks of nodes, put together.
package dev.tiphys.storage;
