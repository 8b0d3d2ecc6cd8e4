package dev.tiphys.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The tests' own server answers as a real one is expected to, by the table of
/// `docs/verify-with-vault.md`, which can be replayed against a real one.
class VerifyWithVaultTest {

  private static final Path TABLE = Path.of("../docs/verify-with-vault.md");

  /// A row: number, request, content, token, status, fields of the answer.
  private record Row(
      String number,
      String method,
      String path,
      String content,
      String token,
      String status,
      List<String> fields) {
    static Row of(String line) {
      String[] cells = line.split("\\|", -1);
      String[] request = cells[2].strip().split(" ", 2);
      String fields = cells[6].strip();
      return new Row(
          cells[1].strip(),
          request[0],
          request[1],
          cells[3].strip().replace("ROLE_ID", "the-role").replace("SECRET_ID", "the-secret"),
          cells[4].strip(),
          cells[5].strip(),
          fields.isEmpty() ? List.of() : List.of(fields.split(" ")));
    }
  }

  @Test
  void everyRowIsAnsweredAsExpected() throws IOException, InterruptedException {
    Vault vault = new Vault(new VirtualWorld(1)::now);
    vault.policy(
        "apps",
        new Policy(
            List.of(
                new Policy.Rule("tiphys-kv1/*", Policy.ALL),
                new Policy.Rule("tiphys-kv2/*", Policy.ALL))));
    Setup setup = new Setup(vault, "");
    setup.kvOne("tiphys-kv1");
    setup.kvTwo("tiphys-kv2");
    setup.appRole("tiphys-approle", "the-role", "the-secret", Duration.ofHours(1));
    setup.userPass("tiphys-userpass", "ann", "pass-of-ann");
    List<Row> rows =
        Files.readAllLines(TABLE).stream()
            .filter(line -> line.matches("\\| [0-9]+ .*"))
            .map(Row::of)
            .toList();
    assertThat(rows).hasSizeGreaterThan(25);
    String token = "";
    try (VaultServer server = Listeners.plain(vault);
        HttpClient client = HttpClient.newHttpClient()) {
      for (Row row : rows) {
        HttpResponse<String> answer = ask(client, server.uri(), row, token);
        assertThat(String.valueOf(answer.statusCode())).as(row.number).isEqualTo(row.status);
        Struct body = tree(answer.body());
        for (String field : row.fields) {
          Object found = body.get(field.substring(1).split("\\.", -1));
          assertThat(found).as(row.number + " " + field).isNotNull().isNotInstanceOf(Null.class);
        }
        token = row.number.equals("1") ? body.string("auth", "client_token") : token;
      }
    }
  }

  private static Struct tree(String body) {
    try {
      return body.isEmpty() ? Struct.EMPTY : Json.struct(body);
    } catch (EncodingException e) {
      return Struct.EMPTY;
    }
  }

  private static HttpResponse<String> ask(HttpClient client, URI server, Row row, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + "/v1/" + row.path))
            .header("X-Vault-Request", "true")
            .method(
                row.method,
                row.content.isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(row.content));
    if (!row.token.equals("none")) {
      request.header("X-Vault-Token", row.token.equals("TOKEN") ? token : row.token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
