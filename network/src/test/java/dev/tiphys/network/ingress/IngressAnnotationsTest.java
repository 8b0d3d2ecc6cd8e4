package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What annotations of Ingresses ask for, and clients see of it.
class IngressAnnotationsTest extends ServedIngresses {

  private static final String PASSWORDS = "user:$apr1$abcdefgh$r2Jvh2Ml9aXJQZzwhDLYE.";

  private void served(String annotations) throws Exception {
    service("one");
    ingress("app", annotations, rule("a", "Prefix / one"));
  }

  private static String credentials(String text) {
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void onlyAllowedAddressesAreServed() throws Exception {
    served("whitelist-source-range=192.0.2.0/24,198.51.100.1");
    comes("403", "a", "/");
    ingress("app", "allowlist-source-range=127.0.0.0/8", rule("a", "Prefix / one"));
    comes("200 one /", "a", "/");
    ingress("app", "denylist-source-range=127.0.0.1/32", rule("a", "Prefix / one"));
    comes("403", "a", "/");
    ingress("app", "whitelist-source-range=nonsense", rule("a", "Prefix / one"));
    comes("503", "a", "/");
  }

  @Test
  void passwordsAreAskedForAndFollowTheirSecret() throws Exception {
    served("auth-type=basic|auth-secret=users|auth-realm=here");
    comes("503", "a", "/");
    String checks = "user:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n"; // secret
    secret(checks);
    comes("401", "a", "/");
    assertThat(get("a", "/", credentials("user:wrong"))).isEqualTo("401");
    assertThat(get("a", "/", credentials("other:secret"))).isEqualTo("401");
    assertThat(get("a", "/", credentials("user:secret"))).isEqualTo("200 one /");
    assertThat(get("a", "/", credentials("user:secret"))).as("remembered").isEqualTo("200 one /");
    secret("user:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n"); // password
    comes("401", "a", "/", credentials("user:secret"));
    assertThat(get("a", "/", credentials("user:password"))).isEqualTo("200 one /");
    ingress("app", "auth-type=basic|auth-secret=other/users", rule("a", "Prefix / one"));
    comes("503", "a", "/", credentials("user:password"));
  }

  private void secret(String file) {
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: users}, type: Opaque, data: {auth: %s}}"
            .formatted(Base64.getEncoder().encodeToString(file.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void anotherServerDecides() throws Exception {
    List<String> asked = new ArrayList<>();
    HttpServer auth =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    servers.add(auth);
    auth.createContext(
        "/",
        exchange -> {
          synchronized (asked) {
            asked.add(
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestURI()
                    + " "
                    + exchange.getRequestHeaders().getFirst("X-Original-URL"));
          }
          String token = exchange.getRequestHeaders().getFirst("Token");
          exchange.sendResponseHeaders(token == null ? 401 : Integer.parseInt(token), -1);
          exchange.close();
        });
    auth.start();
    String url = "http://127.0.0.1:" + auth.getAddress().getPort() + "/check";
    served("auth-url=" + url);
    comes("401", "a", "/x?y");
    assertThat(asked).contains("GET /check http://a/x?y");
    assertThat(get("a", "/", "Token: 204")).isEqualTo("200 one /");
    assertThat(get("a", "/", "Token: 403")).isEqualTo("403");
    assertThat(get("a", "/", "Token: 302")).isEqualTo("500");
    ingress(
        "app",
        "auth-url=" + url + "|auth-signin=https://login.example.com/start",
        rule("a", "Prefix / one"));
    comes("302 https://login.example.com/start?rd=http%3A%2F%2Fa%2Fx%3Fy", "a", "/x?y");
    ingress(
        "app",
        "auth-url=" + url + "|auth-cache-key=$http_token|auth-cache-duration=204 10m",
        rule("a", "Prefix / one"));
    comes("401", "a", "/");
    assertThat(get("a", "/", "Token: 204")).isEqualTo("200 one /");
    int before = asked.size();
    assertThat(get("a", "/", "Token: 204")).isEqualTo("200 one /");
    assertThat(asked).as("answers are remembered").hasSize(before);
  }

  @Test
  void oneOfSeveralIsEnoughIfItIsSaid() throws Exception {
    secret(PASSWORDS);
    served("auth-type=basic|auth-secret=users|satisfy=any|whitelist-source-range=127.0.0.1");
    comes("200 one /", "a", "/");
    ingress(
        "app",
        "auth-type=basic|auth-secret=users|satisfy=any|whitelist-source-range=192.0.2.1",
        rule("a", "Prefix / one"));
    comes("401", "a", "/");
  }

  @Test
  void whatComesTooFastIsRefused() throws Exception {
    served("limit-rpm=1|limit-burst-multiplier=2");
    comes("200 one /", "a", "/");
    assertThat(get("a", "/")).isEqualTo("200 one /");
    assertThat(get("a", "/")).isEqualTo("200 one /");
    assertThat(get("a", "/")).isEqualTo("503");
    ingress(
        "app",
        "limit-rpm=1|limit-burst-multiplier=2|limit-whitelist=127.0.0.1",
        rule("a", "Prefix / one"));
    comes("200 one /", "a", "/");
    for (int i = 0; i < 5; i++) {
      assertThat(get("a", "/")).isEqualTo("200 one /");
    }
  }

  @Test
  void contentThatIsTooLargeIsRefused() throws Exception {
    served("proxy-body-size=8");
    comes("200 one /", "a", "/");
    assertThat(get("a", "/", "Content-Length: 9")).isEqualTo("413");
    ingress("app", "proxy-body-size=0", rule("a", "Prefix / one"));
    comes("200 one /", "a", "/");
  }

  @Test
  void browsersAreToldWhichOriginsMayAsk() throws Exception {
    served("enable-cors=true|cors-allow-origin=https://*.example.com, https://one.test");
    comes("200 one /", "a", "/");
    String[][] rows = {
      {"https://b.example.com", "https://b.example.com"},
      {"https://one.test", "https://one.test"},
      {"https://c.b.example.com", ""},
      {"https://example.com", ""},
      {"http://b.example.com", ""},
      {"https://b.example.com.evil.test", ""},
    };
    for (String[] row : rows) {
      String head = head("a", "OPTIONS", "/", "Origin: " + row[0]);
      assertThat(head).startsWith("HTTP/1.1 204 ");
      assertThat(field(head, "access-control-allow-origin")).as(row[0]).isEqualTo(row[1]);
      assertThat(field(head("a", "GET", "/", "Origin: " + row[0]), "access-control-allow-origin"))
          .isEqualTo(row[1]);
    }
  }

  @Test
  void aCookieKeepsAClientWithAnEndpoint() throws Exception {
    served("affinity=cookie|session-cookie-name=route|session-cookie-samesite=Lax");
    comes("200 one /", "a", "/");
    String given = field(head("a", "GET", "/"), "set-cookie");
    assertThat(given).startsWith("route=").contains("; SameSite=Lax").contains("; HttpOnly");
    assertThat(field(head("a", "GET", "/", "Cookie: " + given.split(";")[0]), "set-cookie"))
        .isEmpty();
  }

  @Test
  void aCookieKeepsAClientWithTheCanary() throws Exception {
    service("main");
    service("canary");
    ingress("main", "affinity=cookie|session-cookie-name=route", rule("a", "Prefix / main"));
    ingress("canary", "canary=true|canary-weight=50", rule("a", "Prefix / canary"));
    comes("200 canary /", "a", "/");
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      String cookie = field(head("a", "GET", "/"), "set-cookie").split(";")[0];
      String name = cookie.contains("c-") ? "canary" : "main";
      seen.add(name);
      assertThat(get("a", "/", "Cookie: " + cookie)).isEqualTo("200 " + name + " /");
    }
    assertThat(seen).containsExactly("canary", "main");
  }

  @Test
  void failedAnswersAreReplaced() throws Exception {
    HttpServer failing =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    servers.add(failing);
    failing.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    failing.start();
    service("pages");
    service("one");
    slice("one", failing.getAddress().getPort(), true);
    ingress("app", "custom-http-errors=404,503|default-backend=pages", rule("a", "Prefix / one"));
    comes("200 pages /", "a", "/x");
    slice("one", failing.getAddress().getPort(), false);
    comes("200 pages /y", "a", "/y");
  }

  @Test
  void theNameWithWwwLeadsToTheOther() throws Exception {
    served("from-to-www-redirect=true");
    comes("200 one /", "a", "/");
    assertThat(get("www.a", "/x?y")).isEqualTo("308 http://a/x?y");
    ingress("own", "", rule("www.a", "Prefix / one"));
    comes("200 one /", "www.a", "/");
  }

  @Test
  void aPlaceElsewhereMayHaveThePath() throws Exception {
    served("permanent-redirect=https://b.example.com$request_uri|permanent-redirect-code=308");
    comes("308 https://b.example.com/x?y", "a", "/x?y");
  }

  @Test
  void whatProtectsAndCannotBeKeptServesNothing() throws Exception {
    served("enable-modsecurity=true");
    comes("503", "a", "/");
    api.eventually(
        () ->
            events()
                .contains(
                    "app Warning AnnotationParsingFailed annotation"
                        + " nginx.ingress.kubernetes.io/enable-modsecurity is not supported"));
  }

  @Test
  void anotherInstallationIsLeftInCharge() throws Exception {
    served("");
    comes("200 one /", "a", "/");
    api.apply(
        ApiResource.INGRESS_CLASSES,
        "{metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}");
    comes("closed", "a", "/");
    api.eventually(() -> events().stream().anyMatch(each -> each.contains("LeftToOther")));
  }

  @Test
  void aControllerThatHoldsTheLeaseIsLeftInCharge() throws Exception {
    served("");
    comes("200 one /", "a", "/");
    api.apply(
        ApiResource.LEASES,
        """
        metadata: {name: ingress-nginx-leader, namespace: default}
        spec:
          holderIdentity: theirs
          leaseDurationSeconds: 1
          acquireTime: '2026-01-01T00:00:00.000000Z'
          renewTime: '2026-01-01T00:00:00.000000Z'
          leaseTransitions: 0
        """);
    comes("closed", "a", "/");
    api.eventually(() -> events().stream().anyMatch(each -> each.contains("theirs holds Lease")));
    comes("200 one /", "a", "/"); // it is not renewed
  }
}
