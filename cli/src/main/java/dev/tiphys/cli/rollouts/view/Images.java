package dev.tiphys.cli.rollouts.view;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The images that run, each with what it runs as.
final class Images {

  private final Map<String, TreeSet<String>> tags = new TreeMap<>();

  /// Adds those of a ReplicaSet, if it has Pods.
  void add(Struct replicaSet, List<String> roles) {
    if (replicaSet.integer("status", "replicas") > 0) {
      for (Struct container : replicaSet.struct("spec", "template", "spec").structs("containers")) {
        tags.computeIfAbsent(container.string("image"), _ -> new TreeSet<>()).addAll(roles);
      }
    }
  }

  /// `IMAGE (TAG, TAG)`
  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    tags.forEach(
        (image, roles) -> {
          Cell cell = Cell.of(image);
          String before = " (";
          for (String role : roles) {
            cell = cell.then(before).then(Cell.tag(role));
            before = ", ";
          }
          cells.add(roles.isEmpty() ? cell : cell.then(")"));
        });
    return cells;
  }
}
