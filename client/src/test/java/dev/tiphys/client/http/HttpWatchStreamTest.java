package dev.tiphys.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.WatchEvent;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpWatchStreamTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final PipedInputStream body = new PipedInputStream();
  private final PipedOutputStream server = new PipedOutputStream();

  @BeforeEach
  void connect() throws IOException {
    body.connect(server);
  }

  private void send(String line) throws IOException {
    server.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    server.flush();
  }

  private static void assertReason(Reason reason, HttpWatchStream watch) {
    assertThatThrownBy(watch::next)
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void eachLineIsAnEvent() throws Exception {
    HttpWatchStream watch = new HttpWatchStream(world, body, true);
    send("{\"type\": \"ADDED\", \"object\": {\"kind\": \"Pod\"}}");
    send("{\"type\": \"BOOKMARK\", \"object\": {\"kind\": \"Pod\"}}");
    server.close();

    assertThat(watch.next().type()).isEqualTo(WatchEvent.Type.ADDED);
    assertThat(watch.next().type()).isEqualTo(WatchEvent.Type.BOOKMARK);
    assertThat(watch.next()).isNull();
  }

  @Test
  void oneThatHasGoneQuietEnds() throws Exception {
    HttpWatchStream watch = new HttpWatchStream(world, body, true);
    world.advance(Duration.ofMinutes(2));
    send("{\"type\": \"BOOKMARK\", \"object\": {\"kind\": \"Pod\"}}");
    assertThat(watch.next()).isNotNull();

    world.advance(Duration.ofSeconds(179));
    send("{\"type\": \"BOOKMARK\", \"object\": {\"kind\": \"Pod\"}}");
    assertThat(watch.next()).isNotNull();

    world.advance(Duration.ofSeconds(181));
    assertReason(Reason.TIMEOUT, watch);
  }

  @Test
  void oneWithoutBookmarksMayBeQuiet() throws Exception {
    HttpWatchStream watch = new HttpWatchStream(world, body, false);
    world.advance(Duration.ofHours(10));
    send("{\"type\": \"ADDED\", \"object\": {\"kind\": \"Pod\"}}");

    assertThat(watch.next()).isNotNull();
  }

  @Test
  void oneThatWasClosedIsOverAndNotQuiet() throws Exception {
    HttpWatchStream watch = new HttpWatchStream(world, body, true);

    watch.close();
    world.advance(Duration.ofMinutes(10));

    assertThat(watch.next()).isNull();
  }

  @Test
  void whatCannotBeReadIsTold() throws Exception {
    HttpWatchStream watch = new HttpWatchStream(world, body, true);
    send("{\"type\": \"UNHEARD\", \"object\": {}}");
    send("nonsense");

    assertReason(Reason.INTERNAL_ERROR, watch);
    assertReason(Reason.INTERNAL_ERROR, watch);
  }
}
