package dev.tiphys.secrets.vault;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// Starts servers, on ports that are free.
public final class Listeners {

  private Listeners() {}

  /// One without TLS.
  public static VaultServer plain(Vault vault) throws IOException {
    return new VaultServer(
        vault,
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
        "http");
  }

  /// One with TLS, which asks clients for certificates, and takes those that have none as well.
  public static VaultServer secure(Vault vault, SSLContext context) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls = context.getDefaultSSLParameters();
            tls.setWantClientAuth(true);
            parameters.setSSLParameters(tls);
          }
        });
    return new VaultServer(vault, server, "https");
  }
}
