package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Shown;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Ingresses ask of the certificates of clients, and TLS that goes through to the Pods.
class IngressTlsTest extends ServedIngresses {

  private static final char[] PASSWORD = "password".toCharArray();

  private final Authority clients = Authority.found(api.world(), "clients");
  private final Credential known = client(clients, "authtls");
  private final Credential stranger = client(Authority.found(api.world(), "others"), "authtls");

  private static Credential client(Authority authority, String name) {
    return authority.issue(Subject.client(name), Duration.ofHours(1));
  }

  /// A Service that answers with what it was told of the client.
  @BeforeEach
  void service() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          TreeMap<String, String> told = new TreeMap<>();
          exchange
              .getRequestHeaders()
              .forEach(
                  (name, values) -> {
                    if (name.toLowerCase(Locale.ROOT).startsWith("ssl-client")) {
                      told.put(name.toLowerCase(Locale.ROOT), values.getFirst());
                    }
                  });
          byte[] text = told.toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    servers.add(server);
    api.apply(
        ApiResource.SERVICES, "{metadata: {name: one}, spec: {ports: [{name: web, port: 80}]}}");
    slice("one", server.getAddress().getPort(), true);
  }

  private void authorities(String name) {
    authorities(name, clients.certificate());
  }

  private void authorities(String name, X509Certificate authority) {
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: %s}, type: Opaque, data: {ca.crt: %s}}"
            .formatted(name, base64(Pem.of(List.of(authority)))));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void asking(String annotations) {
    ingress("app", "auth-tls-secret=default/ca|" + annotations, rule("a", "Prefix / one"));
  }

  private SSLSocket connect(String name, @Nullable Credential shown) throws Exception {
    KeyManager[] keys = shown == null ? null : new KeyManager[] {new Shown(shown)};
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Anything()}, new SecureRandom());
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    socket.connect(new InetSocketAddress(address.getAddress(), settings.https()));
    socket.setSoTimeout(60_000);
    return socket;
  }

  /// Believes every server.
  private static final class Anything implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private String ask(String name, @Nullable Credential shown, String... headers) throws Exception {
    if (edge.addresses(settings.https()).isEmpty()) {
      return "closed";
    }
    try (SSLSocket socket = connect(name, shown)) {
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
                  .formatted(name, more)
                  .getBytes(StandardCharsets.UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String head = all.split("\r\n\r\n", 2)[0];
      String status = head.split(" ", 3)[1];
      String location = field(head, "location");
      return location.isEmpty()
          ? status + " " + all.split("\r\n\r\n", 2)[1].strip()
          : status + " " + location;
    }
  }

  private void becomes(String expected, @Nullable Credential shown) throws Exception {
    String[] last = {""};
    try {
      api.eventually(
          () -> {
            last[0] = ask("a", shown);
            return last[0].equals(expected);
          });
    } catch (AssertionError e) {
      throw new AssertionError("expected <" + expected + "> and got <" + last[0] + ">", e);
    }
  }

  private static String told(String verify) {
    return "200 {ssl-client-issuer-dn=CN=clients, ssl-client-subject-dn=CN=authtls,"
        + " ssl-client-verify="
        + verify
        + "}";
  }

  @Test
  void onlyClientsWithACertificateAreServed() throws Exception {
    asking("auth-tls-verify-client=on");
    api.eventually(() -> ask("a", known).startsWith("403 ")); // there is no Secret
    authorities("ca");
    becomes(told("SUCCESS"), known);
    assertThat(ask("a", null)).startsWith("400 ").contains("No required SSL certificate was sent");
    assertThat(ask("a", known, "ssl-client-subject-dn: CN=root", "ssl-client-verify: x"))
        .as("what clients say of themselves is not passed on")
        .isEqualTo(told("SUCCESS"));
  }

  @Test
  void certificatesOfOthersAreRefusedUnlessTheyAreWanted() throws Exception {
    authorities("ca");
    asking("auth-tls-verify-client=optional");
    becomes("200 {ssl-client-verify=NONE}", null);
    becomes(told("SUCCESS"), known);
    assertThat(ask("a", stranger)).startsWith("400 ").contains("The SSL certificate error");
    asking("auth-tls-verify-client=optional_no_ca");
    becomes(
        told("FAILED:self-signed certificate in certificate chain")
            .replace("CN=clients", "CN=others"),
        stranger);
    asking("auth-tls-verify-client=off");
    becomes("200 {ssl-client-verify=NONE}", known);
  }

  @Test
  void clientsAreSentToAPageInstead() throws Exception {
    authorities("ca");
    asking("auth-tls-error-page=http://login.example.com/error");
    becomes("302 http://login.example.com/error", null);
    becomes(told("SUCCESS"), known);
  }

  @Test
  void theCertificateItselfIsPassedOn() throws Exception {
    authorities("ca");
    asking("auth-tls-pass-certificate-to-upstream=true");
    api.eventually(
        () -> ask("a", known).contains("ssl-client-cert=-----BEGIN%20CERTIFICATE-----%0A"));
  }

  @Test
  void theSubjectMayHaveToMatch() throws Exception {
    authorities("ca");
    asking("auth-tls-match-cn=CN=notgonnamatch");
    becomes("403 client certificate unauthorized", known);
    asking("auth-tls-match-cn=CN=a[a-z]+s");
    becomes(told("SUCCESS"), known);
  }

  @Test
  void anIntermediateAuthorityIsOneOfDepth(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys");
    keys(file, "root", null, true);
    keys(file, "between", "root", true);
    keys(file, "below", "between", true);
    keys(file, "near", "between", false);
    keys(file, "far", "below", false);
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
    authorities("ca", (X509Certificate) store.getCertificate("root"));
    asking("auth-tls-verify-depth=1");
    api.eventually(() -> ask("a", credential(store, "near")).startsWith("200 "));
    assertThat(ask("a", credential(store, "far"))).startsWith("400 ");
    asking("auth-tls-verify-depth=2");
    api.eventually(() -> ask("a", credential(store, "far")).startsWith("200 "));
  }

  @Test
  void aCertificateThatItsAuthorityHasRevokedIsRefused(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys");
    keys(file, "root", null, true);
    keys(file, "good", "root", false);
    keys(file, "revoked", "root", false);
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
    Path list = directory.resolve("list");
    X509Certificate revoked = (X509Certificate) store.getCertificate("revoked");
    String serial = revoked.getSerialNumber().toString();
    keytool(file, "-gencrl", "root", "-id", serial, "-rfc", "-file", list.toString());
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: ca}, type: Opaque, data: {ca.crt: %s, ca.crl: %s}}"
            .formatted(
                base64(Pem.of(List.of((X509Certificate) store.getCertificate("root")))),
                base64(Files.readString(list))));
    asking("auth-tls-verify-client=optional");
    api.eventually(() -> ask("a", credential(store, "good")).startsWith("200 "));
    assertThat(ask("a", credential(store, "revoked"))).startsWith("400 ");
  }

  private static void keys(Path file, String name, @Nullable String signer, boolean isAuthority)
      throws Exception {
    List<String> more = new ArrayList<>(List.of("-dname", "CN=" + name, "-keyalg", "EC"));
    if (signer != null) {
      more.addAll(List.of("-signer", signer));
    }
    if (isAuthority) {
      more.addAll(List.of("-ext", "bc:c"));
    }
    keytool(file, "-genkeypair", name, more.toArray(String[]::new));
  }

  private static void keytool(Path file, String what, String name, String... more)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(what, "-alias", name, "-keystore", file.toString()));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    command.addAll(List.of(more));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private static Credential credential(KeyStore store, String name) throws Exception {
    return new Credential(
        (PrivateKey) store.getKey(name, PASSWORD),
        Stream.of(store.getCertificateChain(name)).map(X509Certificate.class::cast).toList());
  }

  @Test
  void tlsGoesThroughToThePods() throws Exception {
    Credential own = authority.issue(Subject.server("pod", List.of("a")), Duration.ofHours(1));
    HttpsServer pod =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    pod.setHttpsConfigurator(new HttpsConfigurator(context));
    pod.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 3);
          exchange.getResponseBody().write("pod".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    pod.start();
    servers.add(pod);
    api.apply(
        ApiResource.SERVICES, "{metadata: {name: tls}, spec: {ports: [{name: web, port: 80}]}}");
    slice("tls", pod.getAddress().getPort(), true);
    ingress("app", "ssl-passthrough=true", rule("a", "Prefix / tls"));
    ingress("other", "", rule("b", "Prefix / one"));
    becomes("200 pod", null);
    try (SSLSocket socket = connect("a", null)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=pod");
    }
    assertThat(ask("b", null)).as("another host of the port").startsWith("200 ");
    assertThat(get("a", "/")).as("without TLS").isEqualTo("200 pod");
  }
}
