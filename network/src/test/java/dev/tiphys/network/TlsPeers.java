package dev.tiphys.network;

import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// Servers and clients that speak TLS, with certificates of one authority, which is all they trust.
public record TlsPeers(Authority authority) {

  /// A certificate for a host, and its key.
  public Credential credential(String host) {
    return authority.issue(Subject.server(host, List.of(host)), Duration.ofHours(1));
  }

  /// A certificate of a client, and its key.
  public Credential client(String name) {
    return authority.issue(Subject.client(name), Duration.ofHours(1));
  }

  /// What a server with a certificate for a host speaks TLS by.
  public SSLContext context(String host) throws GeneralSecurityException, IOException {
    return context(credential(host));
  }

  /// What shows a certificate, if there is one, speaks TLS by.
  public SSLContext context(Credential... own) throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys = own.length == 0 ? null : new KeyManager[] {new Shown(own[0])};
    context.init(keys, trust().getTrustManagers(), null);
    return context;
  }

  private TrustManagerFactory trust() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("test", authority.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    return trust;
  }

  /// A server that shows a certificate for a host.
  ///
  /// @param asking whether it takes no client without a certificate
  public SSLServerSocket server(String host, boolean asking)
      throws GeneralSecurityException, IOException {
    SSLServerSocket server =
        (SSLServerSocket) context(host).getServerSocketFactory().createServerSocket(0);
    server.setNeedClientAuth(asking);
    return server;
  }

  /// A connection of a client that asks for a name.
  ///
  /// @param own what it shows if it is asked for a certificate; nothing if there is none
  public SSLSocket connect(int port, String name, Credential... own)
      throws GeneralSecurityException, IOException {
    SSLSocket socket = (SSLSocket) context(own).getSocketFactory().createSocket();
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(60_000);
    return socket;
  }

  /// The name in the certificate that a client is shown which asks for one, and what it is answered
  /// by a [WordServers].
  public String say(int port, String name, String words)
      throws GeneralSecurityException, IOException {
    try (SSLSocket socket = connect(port, name)) {
      String answer = WordServers.say(socket, words);
      return socket.getSession().getPeerPrincipal().getName() + " " + answer;
    }
  }

  /// Whether a connection that asks for a name is taken, and closed before it is told anything: no
  /// certificate, and no alert.
  public boolean isClosed(int port, String name) throws GeneralSecurityException, IOException {
    try (SSLSocket socket = connect(port, name)) {
      socket.startHandshake();
      return false;
    } catch (ConnectException e) {
      return false; // nothing listens
    } catch (SocketException e) {
      return true; // what was said was not read to its end
    } catch (SSLException e) {
      return e.getCause() instanceof EOFException;
    }
  }

  /// The `data` of a Secret of type `kubernetes.io/tls`, and `ca.crt` beside it.
  public String data(Credential own) {
    return "{tls.crt: %s, tls.key: %s, ca.crt: %s}"
        .formatted(
            base64(Pem.of(own.chain())),
            base64(Pem.of(own.key())),
            base64(Pem.of(List.of(authority.certificate()))));
  }

  /// The same, and under `ca.crl` that the authority has revoked a certificate.
  public String data(Credential own, Credential revoked)
      throws GeneralSecurityException, IOException, InterruptedException {
    return data(own).replace("}", ", ca.crl: %s}".formatted(base64(revoking(revoked))));
  }

  private String revoking(Credential revoked)
      throws GeneralSecurityException, IOException, InterruptedException {
    Path keys = Files.createTempFile("authority", ".p12");
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      Credential own = authority.credential();
      store.setKeyEntry(
          "own", own.key(), "secret".toCharArray(), own.chain().toArray(X509Certificate[]::new));
      try (OutputStream out = Files.newOutputStream(keys)) {
        store.store(out, "secret".toCharArray());
      }
      Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
      String serial = revoked.chain().getFirst().getSerialNumber().toString();
      Process process =
          new ProcessBuilder(
                  List.of(
                      keytool.toString(),
                      "-gencrl",
                      "-rfc",
                      "-alias",
                      "own",
                      "-id",
                      serial,
                      "-keystore",
                      keys.toString(),
                      "-storepass",
                      "secret"))
              .redirectError(Redirect.INHERIT)
              .start();
      String list = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (process.waitFor() != 0) {
        throw new IOException("no list was made: " + list);
      }
      return list;
    } finally {
      Files.delete(keys);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
