import dev.tiphys.client.ApiResource;
import dev.tiphys.network.ingress.IngressController;
import dev.tiphys.network.ingress.IngressSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;

/// `Changes.java INGRESSES`: how long it takes from the request that changes one of so many Ingresses, with ten
/// paths each, until a client is answered by the change. Prints median and maximum in milliseconds.
public final class Changes {

  private Changes() {}

  public static void main(String[] arguments) throws Exception {
    EdgeChanges measured = new EdgeChanges();
    IngressSettings settings = new IngressSettings(measured.port(), EdgeChanges.freePort());
    new IngressController(measured.world(), measured.api(), measured.edge(), settings).start();
    measured.measure(
        ApiResource.INGRESSES,
        Changes::ingress,
        Integer.parseInt(arguments[0]),
        (present, round) ->
            present.withAt(
                "/to-" + round, "metadata", "annotations", "nginx.ingress.kubernetes.io/app-root"),
        round -> "location: " + (round < 0 ? "/0" : "/to-" + round) + "\r\n");
    System.exit(0);
  }

  private static Struct ingress(int number) {
    StringBuilder text =
        new StringBuilder(
            """
            metadata:
              name: app-%1$d
              namespace: default
              annotations:
                kubernetes.io/ingress.class: nginx
                nginx.ingress.kubernetes.io/app-root: /0
            spec:
              rules:
              - host: host-%1$d.example.com
                http:
                  paths:
            """
                .formatted(number));
    for (int i = 0; i < 10; i++) {
      text.append(
          "      - {pathType: Prefix, path: /app/%d, backend: {service: {name: s-%d, port: {number: 80}}}}\n"
              .formatted(i, number));
    }
    return Yaml.struct(text.toString());
  }
}
