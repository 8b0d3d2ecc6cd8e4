package dev.tiphys.apiserver.table;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What the columns of Services, endpoints and Ingresses show.
final class ServiceCells {

  private ServiceCells() {}

  static String externalAddress(Struct service) {
    Struct spec = service.struct("spec");
    List<String> external = spec.strings("externalIPs");
    return switch (spec.string("type")) {
      case "ClusterIP", "NodePort" -> external.isEmpty() ? "<none>" : String.join(",", external);
      case "LoadBalancer" -> {
        List<String> all = new ArrayList<>();
        String balancer = balancerAddresses(service);
        if (!balancer.isEmpty()) {
          all.add(balancer);
        }
        all.addAll(external);
        yield all.isEmpty() ? "<pending>" : String.join(",", all);
      }
      case "ExternalName" -> spec.string("externalName");
      default -> "<unknown>";
    };
  }

  static String balancerAddresses(Struct object) {
    TreeSet<String> addresses = new TreeSet<>();
    for (Struct ingress : object.structs("status", "loadBalancer", "ingress")) {
      String ip = ingress.string("ip");
      addresses.add(ip.isEmpty() ? ingress.string("hostname") : ip);
    }
    return String.join(",", addresses);
  }

  static String ports(Struct service) {
    List<String> ports = new ArrayList<>();
    for (Struct port : service.structs("spec", "ports")) {
      long node = port.integer("nodePort");
      ports.add(
          port.integer("port") + (node == 0 ? "" : ":" + node) + "/" + port.string("protocol"));
    }
    return ports.isEmpty() ? "<none>" : String.join(",", ports);
  }

  static String addresses(Struct endpoints) {
    List<String> all = new ArrayList<>();
    for (Struct subset : endpoints.structs("subsets")) {
      List<Struct> ports = subset.structs("ports");
      for (Struct address : subset.structs("addresses")) {
        String ip = address.string("ip");
        String host = ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
        if (ports.isEmpty()) {
          all.add(ip);
        }
        ports.forEach(port -> all.add(host + ":" + port.integer("port")));
      }
    }
    return all.isEmpty() ? "<none>" : KindCells.firstFew(all);
  }

  static String slicePorts(Struct slice) {
    List<String> ports = new ArrayList<>();
    for (Struct port : slice.structs("ports")) {
      String name = port.string("name");
      ports.add(
          port.has("port") ? Long.toString(port.integer("port")) : name.isEmpty() ? "*" : name);
    }
    return ports.isEmpty() ? "<unset>" : KindCells.firstFew(ports);
  }

  static String sliceAddresses(Struct slice) {
    List<String> addresses = new ArrayList<>();
    slice.structs("endpoints").forEach(endpoint -> addresses.addAll(endpoint.strings("addresses")));
    return addresses.isEmpty() ? "<unset>" : KindCells.firstFew(addresses);
  }

  static String hosts(Struct ingress) {
    List<String> hosts = new ArrayList<>();
    for (Struct rule : ingress.structs("spec", "rules")) {
      if (!rule.string("host").isEmpty()) {
        hosts.add(rule.string("host"));
      }
    }
    return hosts.isEmpty() ? "*" : KindCells.firstFew(hosts);
  }
}
