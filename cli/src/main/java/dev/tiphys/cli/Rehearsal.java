package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.WatchOptions;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.storage.host.Trees;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/// Does what clusters do, for the JVM to remember which classes that takes and how their code runs:
/// starts one without containers, in a directory that is thrown away, and uses it as a client
/// would.
///
/// Run by the build with `-XX:AOTCacheOutput`; see JEP 514 and 515.
final class Rehearsal {

  private static final String MANIFEST =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: rehearsal, namespace: default, labels: {app: rehearsal}}
      spec:
        replicas: 2
        selector: {matchLabels: {app: rehearsal}}
        template:
          metadata: {labels: {app: rehearsal}}
          spec:
            containers:
            - {name: main, image: "none:1", ports: [{containerPort: 80}]}
      """;

  private Rehearsal() {}

  public static void main(String[] arguments)
      throws IOException, InterruptedException, EncodingException {
    Path directory = Files.createTempDirectory("tiphys-rehearsal");
    try {
      UpOptions options = new UpOptions();
      new CommandLine(options)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(
              "--data-dir",
              directory.resolve("data").toString(),
              "--kubeconfig",
              directory.resolve("kubeconfig").toString(),
              "--port",
              "0",
              "--node",
              "simulated",
              "--simulated-nodes",
              Integer.toString(RehearsedLoad.NODES));
      World world = new RealWorld();
      Progress progress = new Progress(world);
      try (Cluster cluster = new Cluster(world, options, progress)) {
        cluster.awaitComplete(progress);
        AdminApi admin = AdminApi.of(DataDirectory.of(options.server.dataDirectory));
        use(admin);
        try (RehearsedLoad load = new RehearsedLoad(world, admin.api())) {
          load.run();
        }
      }
    } finally {
      Trees.delete(directory);
    }
    System.exit(0);
  }

  private static void use(AdminApi admin) throws InterruptedException, EncodingException {
    for (String path :
        new String[] {"/readyz", "/version", "/api", "/apis", "/openapi/v3", "/metrics"}) {
      admin.text(path);
    }
    Struct deployment = Yaml.struct(MANIFEST);
    HttpApi api = admin.api();
    try (var watch = api.watch(ApiResource.PODS, "default", WatchOptions.from(""))) {
      api.create(ApiResource.DEPLOYMENTS, deployment);
      watch.next();
    }
    api.patch(
        ApiResource.DEPLOYMENTS,
        "default",
        "rehearsal",
        "",
        PatchType.STRATEGIC,
        Struct.of("spec", Struct.of("replicas", 1L)));
    api.list(ApiResource.PODS, "default", ListOptions.ALL);
    api.delete(ApiResource.DEPLOYMENTS, "default", "rehearsal", DeleteOptions.DEFAULT);
  }
}
