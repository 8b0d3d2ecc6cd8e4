package dev.tiphys.controllers.certificates;

import dev.tiphys.object.Struct;
import dev.tiphys.pki.SigningRequest;
import java.util.List;
import java.util.Set;

/// What the certificates of the parts of a node's network must be like: its proxy, what makes
/// policies hold, what leads to the Pods of other nodes.
final class NetworkRules {

  private static final String GROUP = "system:tiphys:node-network";
  private static final String NODE = "system:node:";
  private static final Set<String> USAGES = Set.of("digital signature", "client auth");

  private NetworkRules() {}

  /// Whether a node asks for the certificate of its own network, and for nothing else.
  static boolean isOfNode(Struct request) {
    String user = request.string("spec", "username");
    if (!user.startsWith(NODE)) {
      return false;
    }
    try {
      SigningRequest content = Requests.content(request);
      return content.commonName().equals(GROUP + ":" + user.substring(NODE.length()))
          && content.organizations().equals(List.of(GROUP))
          && content.otherNames().isEmpty()
          && Set.copyOf(request.strings("spec", "usages")).equals(USAGES);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
