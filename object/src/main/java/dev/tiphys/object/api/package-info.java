/// What all objects of the API have in common: what their metadata says, which key they have, and
/// how a request about them is refused. Servers and clients share it.
package dev.tiphys.object.api;
