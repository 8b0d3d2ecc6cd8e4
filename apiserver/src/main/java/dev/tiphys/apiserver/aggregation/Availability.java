package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.util.List;

/// Whether a group's requests can be passed on, and why not: the condition Available of its
/// APIService, in upstream's words.
///
/// @param available whether they can
/// @param reason of the condition
/// @param message of the condition
/// @param resources what the server says that it serves; empty if it can't be asked
record Availability(boolean available, String reason, String message, Struct resources) {

  static final Availability LOCAL =
      new Availability(true, "Local", "Local APIServices are always available", Struct.EMPTY);

  private static Availability missing(String reason, String message) {
    return new Availability(false, reason, message, Struct.EMPTY);
  }

  /// Looks at a group's Service and endpoints, and asks the server what it serves.
  static Availability of(RemoteGroup group, RemoteServers servers) {
    String name = group.service();
    String namespace = group.namespace();
    Struct service = servers.service(group);
    if (service == null) {
      return missing(
          "ServiceNotFound", "service/%s in \"%s\" is not present".formatted(name, namespace));
    }
    Struct port = null;
    for (Struct each : service.structs("spec", "ports")) {
      port = each.integer("port") == group.port() ? each : port;
    }
    if (port == null) {
      return missing(
          "ServicePortError",
          "service/%s in \"%s\" is not listening on port %d"
              .formatted(name, namespace, group.port()));
    }
    if (!service.string("spec", "type").equals("ExternalName")) {
      List<Struct> slices = servers.endpoints(group);
      if (slices.isEmpty()) {
        return missing(
            "EndpointsNotFound",
            "cannot find endpointslices for service/%s in \"%s\"".formatted(name, namespace));
      }
      String portName = port.string("name");
      if (slices.stream().noneMatch(slice -> serves(slice, portName))) {
        return missing(
            "MissingEndpoints",
            "endpoints for service/%s in \"%s\" have no addresses with port name \"%s\""
                .formatted(name, namespace, portName));
      }
    }
    return asked(group, servers);
  }

  private static boolean serves(Struct slice, String port) {
    boolean addresses =
        slice.structs("endpoints").stream()
            .anyMatch(
                endpoint ->
                    !endpoint.has("conditions", "ready") || endpoint.bool("conditions", "ready"));
    return addresses
        && slice.structs("ports").stream().anyMatch(each -> each.string("name").equals(port));
  }

  private static Availability asked(RemoteGroup group, RemoteServers servers) {
    String path = group.groupVersion().path();
    String url =
        "https://%s.%s.svc:%d%s".formatted(group.service(), group.namespace(), group.port(), path);
    try {
      RemoteAnswer answer = RemoteAnswer.of(servers, group, path, "");
      if (!answer.isGood()) {
        return failed(url, "bad status from " + url + ": " + answer.status());
      }
      return new Availability(true, "Passed", "all checks passed", Json.struct(answer.content()));
    } catch (WebhookException | IOException | EncodingException e) {
      return failed(url, String.valueOf(e.getMessage()));
    }
  }

  private static Availability failed(String url, String problem) {
    return missing(
        "FailedDiscoveryCheck", "failing or missing response from " + url + ": " + problem);
  }
}
