/// What may change or refuse what is about to be written, after it was authorized: upstream's
/// admission plugins, as small classes in a fixed order.
package dev.tiphys.apiserver.admission;
