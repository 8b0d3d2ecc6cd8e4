/// What the types and fields of the built-in kinds are for, as `kubectl explain` tells it.
///
/// The texts are upstream's. They stand in the annotations of its Java client; the build collects
/// them from there ([dev.tiphys.descriptions.Collector]), so none of them is kept in this
/// repository.
package dev.tiphys.descriptions;
