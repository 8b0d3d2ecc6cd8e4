/// The storage driver: what it answers over its socket.
package dev.tiphys.storage.driver;
