package dev.tiphys.network.loadbalancer;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The nodes that load balancers may send to. Pure.
final class EligibleNodes {
  private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";
  private static final String LEAVING = "ToBeDeletedByClusterAutoscaler";

  private EligibleNodes() {}

  /// Their addresses for callers: of each node its external one if it has one, its internal one
  /// otherwise; of the families asked for.
  static List<String> addresses(Informer nodes, List<String> families) {
    List<String> addresses = new ArrayList<>();
    for (String family : families) {
      nodes.list().stream()
          .filter(EligibleNodes::isEligible)
          .sorted(Comparator.comparing(node -> Meta.of(node).name()))
          .map(node -> address(node, family))
          .filter(address -> !address.isEmpty())
          .forEach(addresses::add);
    }
    return addresses;
  }

  static boolean isEligible(Struct node) {
    return Meta.isTrue(node, "Ready")
        && !Meta.of(node).labels().has(EXCLUDED)
        && node.struct("spec").structs("taints").stream()
            .noneMatch(taint -> taint.string("key").equals(LEAVING));
  }

  private static String address(Struct node, String family) {
    for (String type : List.of("ExternalIP", "InternalIP")) {
      for (Struct address : node.struct("status").structs("addresses")) {
        String text = address.string("address");
        if (address.string("type").equals(type) && text.contains(":") == family.equals("IPv6")) {
          return text;
        }
      }
    }
    return "";
  }
}
