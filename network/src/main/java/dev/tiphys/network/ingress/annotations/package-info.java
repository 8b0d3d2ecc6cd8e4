/// What the annotations of ingress-nginx ask for. [Annotations] has all of an Ingress, each group
/// in a record of its own; [AnnotationValues] reads single values, and remembers which can't be
/// kept.
package dev.tiphys.network.ingress.annotations;
