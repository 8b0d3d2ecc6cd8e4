/// The API for callers in the same process: the same checks and the same road as over HTTP, without
/// bytes in between.
package dev.tiphys.apiserver.local;
