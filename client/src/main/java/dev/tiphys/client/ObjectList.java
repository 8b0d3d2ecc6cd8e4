package dev.tiphys.client;

import dev.tiphys.object.Struct;
import java.util.List;

/// A page of a list.
///
/// @param items the objects, each with its kind and apiVersion
/// @param resourceVersion the state that was listed, to watch from
/// @param continueToken where the next page begins; empty if this is the last one
public record ObjectList(List<Struct> items, String resourceVersion, String continueToken) {

  public ObjectList {
    items = List.copyOf(items);
  }
}
