package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.streaming.PortForwardPorts;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.Resource;
import java.util.List;

/// The options of a connection that stand in its query, as the object that upstream makes of them:
/// `PodExecOptions`, `ServiceProxyOptions` and the like.
final class ConnectOptions {

  private static final List<String> SWITCHES = List.of("stdin", "stdout", "stderr", "tty");

  private ConnectOptions() {}

  /// Has admission look at a connection.
  static void admit(ResourceRequest request) {
    Admission.Request asked =
        request.target().admission(request.call(), Admission.Operation.CONNECT);
    Admission admission = request.target().endpoint().registry().admission(request.call());
    admission.admit(asked, of(request), null);
  }

  private static Struct of(ResourceRequest request) {
    String below = request.target().subresource();
    Resource.Subresource kind = request.target().endpoint().served().subresource(below);
    StructBuilder options = new StructBuilder();
    if (kind != null) {
      options.add("kind", kind.kind()).add("apiVersion", kind.groupVersion().toString());
    }
    switch (below) {
      case "exec" -> streams(options, request.parameters(), true);
      case "attach" -> streams(options, request.parameters(), false);
      case "portforward" -> ports(options, request.parameters());
      default -> options.addUnlessEmpty("path", path(request.rest()));
    }
    return options.build();
  }

  private static void streams(StructBuilder options, Parameters parameters, boolean runs) {
    for (String each : SWITCHES) {
      if (parameters.isTrue(each)) {
        options.add(each, true);
      }
    }
    options.addUnlessEmpty("container", parameters.text("container"));
    if (runs) {
      options.addUnlessEmpty("command", parameters.all("command"));
    }
  }

  private static void ports(StructBuilder options, Parameters parameters) {
    List<Integer> ports = PortForwardPorts.parse(parameters.all("ports"));
    options.addUnlessEmpty("ports", ports.stream().map(Integer::longValue).toList());
  }

  private static String path(String rest) {
    return rest.isEmpty() || rest.startsWith("/") ? rest : "/" + rest;
  }
}
