package dev.tiphys.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.world.RealWorld;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpdyClientTest {

  private final SpdyServer server = new SpdyServer();
  private final Socket socket = server.connect();
  private final SpdyClient client =
      new SpdyClient(new RealWorld(), socket.getInputStream(), socket.getOutputStream());

  SpdyClientTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  private SpdyStream open(String type) throws Exception {
    return client.open(Map.of("streamType", type));
  }

  @Test
  void streamsAreTakenOneAfterTheOther() throws Exception {
    open("error");
    open("stdout");

    assertThat(server.next()).isEqualTo("stream 1 error");
    assertThat(server.next()).isEqualTo("stream 3 stdout");
  }

  @Test
  void bytesGoBothWaysUntilEachEnds() throws Exception {
    SpdyStream one = open("stdin");
    SpdyStream other = open("stdin");
    byte[] bytes = "hello there".getBytes(UTF_8);
    one.write(bytes, 0, 5);
    assertThat(one.next()).isEqualTo("hello".getBytes(UTF_8));
    other.write(bytes, 6, 5);
    other.finish();
    one.finish();

    assertThat(other.readAll()).isEqualTo("there".getBytes(UTF_8));
    assertThat(one.readAll()).isEmpty();
  }

  @Test
  void aStreamThatIsNotTakenIsAnError() {
    assertThatThrownBy(() -> open("refused")).isInstanceOf(IOException.class);
  }

  @Test
  void aStreamCanBeGivenUp() throws Exception {
    SpdyStream stream = open("stdout");
    server.next();
    stream.reset();

    assertThat(server.next()).isEqualTo("reset 1");
    assertThat(stream.next()).isEmpty();
  }

  @Test
  void whatIsNotReadHoldsUpTheOtherEnd() throws Exception {
    SpdyStream stream = open("stdout");
    server.next();
    server.flood(1, 1_000, 64 << 10); // 64 MB

    byte[] first = stream.next();
    assertThat(server.flooded()).isLessThan(1_000);
    long length = first.length;
    for (byte[] bytes = stream.next(); bytes.length > 0; bytes = stream.next()) {
      length += bytes.length;
    }
    assertThat(length).isEqualTo(1_000L * (64 << 10));
  }

  @Test
  void closingEndsAStreamThatIsHeldUp() throws Exception {
    SpdyStream stream = open("stdout");
    server.next();
    server.flood(1, 1_000, 64 << 10);
    stream.next();
    client.close();

    while (stream.next().length > 0) {
      // what was held
    }
  }

  @Test
  void pingsAreAnswered() throws Exception {
    open("error");
    server.next();
    server.ping(8);

    assertThat(server.next()).isEqualTo("pong 8");
  }

  @Test
  void streamsEndWhenTheOtherSideGoes() throws Exception {
    SpdyStream stream = open("stdout");
    server.goAway();

    assertThat(stream.next()).isEmpty();
  }

  @Test
  void streamsEndWithTheirConnection() throws Exception {
    SpdyStream stream = open("stdout");
    client.close();

    assertThat(stream.next()).isEmpty();
    assertThat(server.next()).isEqualTo("stream 1 stdout");
    assertThat(server.next()).isEqualTo("end");
  }
}
