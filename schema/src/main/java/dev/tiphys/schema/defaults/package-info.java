/// Defaults that depend on more than one field of an object.
///
/// A default with a plain value stands in the type table and is filled in by
/// [dev.tiphys.schema.Normalizer]. What needs a look at other fields - a pull policy that follows
/// from an image's tag, requests that follow from limits, a field that mirrors another - is done
/// here, for each kind in the place that [dev.tiphys.schema.defaults.Defaults] names.
package dev.tiphys.schema.defaults;
