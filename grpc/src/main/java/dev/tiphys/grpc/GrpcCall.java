package dev.tiphys.grpc;

import com.google.protobuf.MessageLite;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A call that is under way: messages go out and come in until one side ends it.
///
/// The server is held back while nothing is received, and [#send] waits while the server takes
/// nothing.
///
/// **Errors.** A call that fails throws a [GrpcException] from whatever is called next.
///
/// **Threads.** One thread sends and one receives; they may be the same. [#close] from any.
public final class GrpcCall<Q extends MessageLite, R extends MessageLite> implements AutoCloseable {

  private final World world;
  private final GrpcMethod<Q, R> method;
  private final @Nullable Deadline deadline;
  private final Gate arrived;
  private final Object lock = new Object();
  private final Queue<R> received = new ArrayDeque<>();
  private boolean ended;
  private @Nullable GrpcException failure;
  private @Nullable Http2StreamChannel stream;

  GrpcCall(World world, GrpcMethod<Q, R> method, @Nullable Duration limit) {
    this.world = world;
    this.method = method;
    this.deadline = limit == null ? null : new Deadline(world, limit);
    this.arrived = world.gate();
  }

  /// Sends one message. Returns when it has gone to the operating system.
  public void send(Q message) throws InterruptedException {
    awaitWritten(stream().writeAndFlush(frame(message, false)));
  }

  /// Sends the only message, or the last one.
  void sendLast(Q message) {
    stream().writeAndFlush(frame(message, true));
  }

  /// Tells the server that no more messages come.
  public void finish() {
    stream().writeAndFlush(new DefaultHttp2DataFrame(true));
  }

  /// The next message; waits for it. Null when the server has ended the call well.
  public @Nullable R receive() throws InterruptedException {
    while (true) {
      synchronized (lock) {
        R message = received.poll();
        if (message != null) {
          return message;
        }
        if (failure != null) {
          throw failure;
        }
        if (ended) {
          return null;
        }
      }
      stream().read();
      await(arrived);
    }
  }

  /// Waits up to `limit` for something to [#receive], be it a message or the end. Returns whether
  /// there is.
  public boolean awaitMessage(Duration limit) throws InterruptedException {
    long end = world.nanoTime() + limit.toNanos();
    while (true) {
      synchronized (lock) {
        if (ended || !received.isEmpty()) {
          return true;
        }
      }
      long left = end - world.nanoTime();
      if (left <= 0) {
        return false;
      }
      stream().read();
      arrived.await(Duration.ofNanos(left));
    }
  }

  /// Ends the call: if the server has not ended it yet, it is cancelled.
  @Override
  public void close() {
    boolean running;
    synchronized (lock) {
      running = !ended;
      if (running) {
        fail(new GrpcException(GrpcStatus.CANCELLED, "the call was closed"));
      }
    }
    Http2StreamChannel opened = stream;
    if (opened == null) {
      return;
    }
    if (running) {
      opened.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    }
    opened.close();
  }

  ChannelHandler responses() {
    return new GrpcResponses<>(
        method.responses(),
        new GrpcResponses.Receiver<R>() {
          @Override
          public void received(R message) {
            synchronized (lock) {
              received.add(message);
            }
            arrived.open();
          }

          @Override
          public void ended(@Nullable GrpcException reason) {
            synchronized (lock) {
              fail(reason);
            }
            arrived.open();
          }
        });
  }

  void start(Http2StreamChannel opened, Http2Headers headers) {
    stream = opened;
    if (deadline != null) {
      headers.set("grpc-timeout", deadline.header());
    }
    opened.write(new DefaultHttp2HeadersFrame(headers));
  }

  /// Waits at `gate` as long as the call's limit allows.
  void await(Gate gate) throws InterruptedException {
    if (deadline == null) {
      gate.await();
    } else if (!gate.await(deadline.left())) {
      GrpcException late =
          new GrpcException(GrpcStatus.DEADLINE_EXCEEDED, "context deadline exceeded");
      close();
      throw late;
    }
  }

  private void fail(@Nullable GrpcException reason) {
    if (!ended) {
      ended = true;
      failure = reason;
    }
  }

  private Http2StreamChannel stream() {
    return Objects.requireNonNull(stream, "the call has not started");
  }

  private void awaitWritten(ChannelFuture write) throws InterruptedException {
    Gate written = world.gate();
    write.addListener(_ -> written.open());
    await(written);
    if (!write.isSuccess()) {
      synchronized (lock) {
        // Once the server has ended the call, its word matters more than that it took no more.
        if (failure != null) {
          throw failure;
        }
      }
      throw new GrpcException(
          GrpcStatus.UNAVAILABLE, "could not send: " + write.cause(), write.cause());
    }
  }

  private DefaultHttp2DataFrame frame(Q message, boolean last) {
    int size = message.getSerializedSize();
    ByteBuf buffer = stream().alloc().buffer(GrpcResponses.PREFIX + size);
    buffer.writeByte(0).writeInt(size);
    try (ByteBufOutputStream out = new ByteBufOutputStream(buffer)) {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return new DefaultHttp2DataFrame(buffer, last);
  }

  private static final class Deadline {
    private static final long LARGEST_HEADER = 99_999_999;

    private final World world;
    private final Duration limit;
    private final long start;

    Deadline(World world, Duration limit) {
      this.world = world;
      this.limit = limit;
      this.start = world.nanoTime();
    }

    Duration left() {
      return limit.minusNanos(world.nanoTime() - start);
    }

    String header() {
      return Math.clamp(left().toMillis(), 1, LARGEST_HEADER) + "m";
    }
  }
}
