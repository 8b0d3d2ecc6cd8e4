package dev.tiphys.apiserver.table;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.TreeSet;

/// What the columns of Nodes show.
final class NodeCells {

  private static final String ROLE = "node-role.kubernetes.io/";

  private NodeCells() {}

  static String status(Struct node) {
    Struct ready = Meta.condition(node, "Ready");
    String status =
        ready == null ? "Unknown" : ready.string("status").equals("True") ? "Ready" : "NotReady";
    return node.bool("spec", "unschedulable") ? status + ",SchedulingDisabled" : status;
  }

  static String roles(Struct node) {
    TreeSet<String> roles = new TreeSet<>();
    Struct labels = Meta.of(node).labels();
    for (String key : labels.names()) {
      if (key.startsWith(ROLE) && key.length() > ROLE.length()) {
        roles.add(key.substring(ROLE.length()));
      } else if (key.equals("kubernetes.io/role") && !labels.string(key).isEmpty()) {
        roles.add(labels.string(key));
      }
    }
    return roles.isEmpty() ? "<none>" : String.join(",", roles);
  }

  static String address(Struct node, String type) {
    for (Struct address : node.structs("status", "addresses")) {
      if (address.string("type").equals(type)) {
        return address.string("address");
      }
    }
    return "<none>";
  }
}
