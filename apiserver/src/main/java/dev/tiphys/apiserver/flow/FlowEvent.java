package dev.tiphys.apiserver.flow;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;

/// One write: an arrow in the picture of a change.
///
/// @param revision the revision it got
/// @param cause the revision that the writer reacted to; 0 for requests from outside
/// @param began when the request arrived
/// @param ended when it was on disk
/// @param part the writer: a component or a client program
/// @param verb `create`, `update`, `delete` ...
/// @param resource as messages name it: `deployments.apps`; with the subresource, if it was one
/// @param namespace the object's namespace; empty if it has none
/// @param name the object's name
/// @param note what happened, where the object tells it: an Event's reason and message, a Pod's
///   phase
/// @param spec whether what is wanted changed, not only what is: the spec, or anything that a
///   person has written, since commands may stand in a status, as those to Rollouts do
public record FlowEvent(
    long revision,
    long cause,
    Instant began,
    Instant ended,
    String part,
    String verb,
    String resource,
    String namespace,
    String name,
    String note,
    boolean spec) {

  /// The event as a tree, for clients.
  public Struct toStruct() {
    return new StructBuilder()
        .add("revision", revision)
        .add("cause", cause)
        .add("began", Timestamps.micros(began))
        .add("ended", Timestamps.micros(ended))
        .add("part", part)
        .add("verb", verb)
        .add("resource", resource)
        .addUnlessEmpty("namespace", namespace)
        .add("name", name)
        .addUnlessEmpty("note", note)
        .add("spec", spec)
        .build();
  }
}
