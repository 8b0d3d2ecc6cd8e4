/// A directory of files, as the store uses one: what is on disk, and what only seems to be.
package dev.tiphys.store.embedded.disk;
