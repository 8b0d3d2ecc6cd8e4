package dev.tiphys.cli.roles;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.token.DetachedSignature;
import dev.tiphys.world.World;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Finds out how a cluster is reached from three things that a person can type: an address, a token
/// to join with, and the hash of the authority's key. The cluster tells the rest without asking who
/// wants to know, signed with the token, so nothing in between can put another cluster in its
/// place. As `kubeadm join` does.
public final class Discovery {

  private static final Pattern TOKEN = Pattern.compile("[a-z0-9]{6}\\.[a-z0-9]{16}");
  private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final World world;
  private final Function<Kubeconfig.Access, Api> apis;
  private final String token;
  private final String hash;

  /// @param apis reaches a server
  /// @param token to join with
  /// @param hash of the authority's key, as [#hash]
  /// @throws CliException if one of them can't be what it should be
  public Discovery(World world, Function<Kubeconfig.Access, Api> apis, String token, String hash) {
    this.world = world;
    this.apis = apis;
    this.token = token;
    this.hash = hash;
    if (!TOKEN.matcher(token).matches()) {
      throw new CliException("a token to join with looks like abcdef.0123456789abcdef");
    }
    if (!HASH.matcher(hash).matches()) {
      throw new CliException(
          "the hash of the authority's key looks like sha256: and 64 hexadecimal digits");
    }
  }

  /// As above, over HTTPS.
  public Discovery(World world, String token, String hash) {
    this(world, access -> new HttpApi(world, access, "kubelet"), token, hash);
  }

  /// The hash by which an authority is recognized: of its public key.
  public static String hash(X509Certificate authority) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(authority.getPublicKey().getEncoded());
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How the cluster is reached with the token.
  ///
  /// @param address of the API server, as `host:port`
  /// @throws CliException if there is no cluster that has both the token and the authority
  public Kubeconfig.Access find(String address) throws InterruptedException {
    String url = "https://" + address;
    String told = signed(url);
    Kubeconfig.Access access = read(told);
    String again = info(access(url, access.authority(), AccessOptions.NONE)).string("kubeconfig");
    if (!again.equals(told)) {
      throw new CliException(
          "the server at " + address + " tells something else once its certificate is verified");
    }
    return access;
  }

  private static Kubeconfig.Access access(String url, String authority, AccessOptions options) {
    return new Kubeconfig.Access(url, authority, "", "", "", options);
  }

  private Struct info(Kubeconfig.Access access) {
    try {
      return apis.apply(access)
          .get(ApiResource.CONFIG_MAPS, "kube-public", "cluster-info")
          .struct("data");
    } catch (ApiException e) {
      throw new CliException(
          "the cluster at %s does not tell how it is reached: %s"
              .formatted(access.server(), e.message()),
          e);
    }
  }

  /// What the cluster tells, once that is signed with the token: a new token takes a moment.
  private String signed(String url) throws InterruptedException {
    String[] parts = token.split("\\.");
    long end = world.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Struct data = info(access(url, "", AccessOptions.ofServer("", true)));
      String content = data.string("kubeconfig");
      String expected = DetachedSignature.of(content, parts[0], parts[1]);
      String shown = data.string("jws-kubeconfig-" + parts[0]);
      if (MessageDigest.isEqual(expected.getBytes(UTF_8), shown.getBytes(UTF_8))) {
        return content;
      }
      if (!shown.isEmpty()) {
        throw new CliException("the cluster at " + url + " knows another token of this id");
      }
      if (world.nanoTime() > end) {
        throw new CliException(
            "the cluster at %s does not know the token %s; it may have expired"
                .formatted(url, parts[0]));
      }
      world.sleep(PAUSE);
    }
  }

  private Kubeconfig.Access read(String kubeconfig) {
    try {
      List<Struct> clusters = Yaml.struct(kubeconfig).structs("clusters");
      Struct cluster = clusters.isEmpty() ? Struct.EMPTY : clusters.getFirst().struct("cluster");
      String authority =
          new String(
              Base64.getDecoder().decode(cluster.string("certificate-authority-data")), UTF_8);
      if (Pem.certificates(authority).stream().noneMatch(each -> hash(each).equals(hash))) {
        throw new CliException("the cluster's authority is not the one of this hash: " + hash);
      }
      return new Kubeconfig.Access(cluster.string("server"), authority, "", "", token);
    } catch (IllegalArgumentException | EncodingException e) {
      throw new CliException("what the cluster tells can't be read: " + e.getMessage(), e);
    }
  }
}
