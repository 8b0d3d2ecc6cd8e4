/// The way of every request, over HTTP or from a part in the same process: one visible chain, in
/// [dev.tiphys.apiserver.pipeline.Pipeline].
///
/// A door makes a [dev.tiphys.apiserver.pipeline.Request] of what it is asked, and gets to the
/// operation itself only through the chain.
package dev.tiphys.apiserver.pipeline;
