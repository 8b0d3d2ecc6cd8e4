package dev.tiphys.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.cli.roles.Discovery;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tiphys token`
@Command(
    name = "token",
    description = "Makes a token by which nodes join the cluster, and a kubeconfig that holds it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TokenCommand implements Runnable {

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID = 6;
  private static final int SECRET = 16;

  @Mixin private ServerOption server = new ServerOption();

  @Option(
      names = "--ttl",
      paramLabel = "SPAN",
      description = "How long it is good. Default: ${DEFAULT-VALUE}.")
  private String life = "24h";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the kubeconfig is written. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("bootstrap.kubeconfig");

  @Override
  public void run() {
    World world = new RealWorld();
    Kubeconfig.Access access = server.access();
    HttpApi api = new HttpApi(world, access, "tiphys");
    String id = letters(world, ID);
    String secret = letters(world, SECRET);
    try {
      api.create(ApiResource.SECRETS, secret(id, secret, world));
      Kubeconfig.of(
              "bootstrap",
              new Kubeconfig.Access(
                  reachable(access.server()), access.authority(), "", "", id + "." + secret))
          .write(output);
    } catch (ApiException e) {
      throw new CliException("the token was not made: " + e.message(), e);
    } catch (IOException e) {
      throw new CliException("cannot write " + output + ": " + e.getMessage(), e);
    }
    System.out.println(id + "." + secret);
    System.out.println(
        """
        On the machine that is to join:
          tiphys kubelet --join %s --token %s.%s --discovery-token-ca-cert-hash %s
        or, with %s taken there:
          tiphys kubelet --bootstrap-kubeconfig %s"""
            .formatted(
                URI.create(reachable(access.server())).getAuthority(),
                id,
                secret,
                Discovery.hash(Pem.certificates(access.authority()).getFirst()),
                output,
                output.getFileName()));
  }

  /// The server's URL, as other machines know it.
  private static String reachable(String url) {
    return url.replace("//127.0.0.1:", "//" + HostAddress.find() + ":");
  }

  private Struct secret(String id, String secret, World world) {
    Duration span;
    try {
      span = GoDuration.parse(life);
    } catch (IllegalArgumentException e) {
      throw new CliException("--ttl takes a span of time, such as 24h, not " + life, e);
    }
    Struct data =
        new StructBuilder()
            .add("token-id", encoded(id))
            .add("token-secret", encoded(secret))
            .add(
                "expiration",
                encoded(world.now().plus(span).truncatedTo(ChronoUnit.SECONDS).toString()))
            .add("usage-bootstrap-authentication", encoded("true"))
            .add("usage-bootstrap-signing", encoded("true"))
            .build();
    return new StructBuilder()
        .add("metadata", Struct.of("name", "bootstrap-token-" + id, "namespace", "kube-system"))
        .add("type", "bootstrap.kubernetes.io/token")
        .add("data", data)
        .build();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  /// Letters that can't be guessed.
  private static String letters(World world, int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(LETTERS.charAt(world.random().nextInt(LETTERS.length())));
    }
    return text.toString();
  }
}
