/// The three ways to change an object in part: JSON patch (RFC 6902), merge patch (RFC 7386), and
/// Kubernetes' strategic merge patch.
package dev.tiphys.object.patch;
