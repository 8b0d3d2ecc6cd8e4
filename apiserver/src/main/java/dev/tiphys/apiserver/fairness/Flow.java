package dev.tiphys.apiserver.fairness;

import dev.tiphys.http.Header;
import java.util.List;

/// Where a request belongs.
///
/// @param schema the one that matches it
/// @param level the one that serves it
/// @param headers that tell the client of both, by numbers that mean nothing to it
record Flow(FlowSchema schema, PriorityLevel level, List<Header> headers) {

  Flow(FlowSchema schema, PriorityLevel level) {
    this(
        schema,
        level,
        List.of(
            new Header("X-Kubernetes-Pf-Flowschema-Uid", schema.uid()),
            new Header("X-Kubernetes-Pf-Prioritylevel-Uid", level.spec().uid())));
  }
}
