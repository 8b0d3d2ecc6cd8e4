package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Events: they go by themselves after an hour.
final class EventStrategy implements Strategy {

  private final EventLeases leases;

  EventStrategy(EventLeases leases) {
    this.leases = leases;
  }

  @Override
  public long lease(Struct event) {
    return leases.lease();
  }

  @Override
  public @Nullable String selectable(Struct event, String field) {
    return switch (field) {
      case "source" -> source(event);
      case "reportingController" -> event.string("reportingComponent");
      default ->
          field.startsWith("regarding.")
              ? event.string("involvedObject", field.substring("regarding.".length()))
              : null;
    };
  }

  private static String source(Struct event) {
    String component = event.string("source", "component");
    return component.isEmpty() ? event.string("reportingComponent") : component;
  }
}
