/// What an object must look like to be accepted, kind by kind.
///
/// [dev.tiphys.schema.rules.Validation] is the entry: it knows which rules belong to which kind. A
/// rule looks at a [dev.tiphys.schema.validation.FieldValue] and reports what is wrong there as a
/// [dev.tiphys.schema.validation.FieldError], in the words that upstream's clients know. The forms
/// of names that many kinds share are in [dev.tiphys.schema.validation.Formats].
///
/// What many kinds share is here; the rules themselves are in a package for each area of the API.
/// An area uses this package and, where it holds Pods, `pod`; nothing here knows an area.
///
/// The rules are those of Kubernetes 1.36 with its feature gates at their defaults. Errors come in
/// upstream's order. Where upstream runs through a map in no order, ours is that of the keys.
package dev.tiphys.schema.validation;
