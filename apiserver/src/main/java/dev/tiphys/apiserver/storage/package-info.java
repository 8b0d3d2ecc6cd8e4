/// From objects to what is in the store, and back: keys and bytes as upstream has them, and the
/// states that all readers share.
package dev.tiphys.apiserver.storage;
