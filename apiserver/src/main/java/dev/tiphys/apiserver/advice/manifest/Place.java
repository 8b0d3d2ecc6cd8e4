package dev.tiphys.apiserver.advice.manifest;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// A struct, and where it stands in a manifest.
///
/// @param path as upstream writes paths of fields; empty for the whole manifest
public record Place(Struct object, String path) {

  /// The path of what is below it.
  public String path(String below) {
    return path.isEmpty() ? below : path + "." + below;
  }

  /// The struct at the end of a path of names.
  public Place at(String... names) {
    return new Place(object.struct(names), path(String.join(".", names)));
  }

  /// The structs in a list.
  public List<Place> items(String... names) {
    List<Struct> items = object.structs(names);
    List<Place> places = new ArrayList<>(items.size());
    String list = path(String.join(".", names));
    for (int i = 0; i < items.size(); i++) {
      places.add(new Place(items.get(i), list + "[" + i + "]"));
    }
    return places;
  }
}
