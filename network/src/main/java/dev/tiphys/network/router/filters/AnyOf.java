package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.ClientTls;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.network.router.table.RequestView;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets a request go on that one of several filters lets go on; otherwise the last of them answers.
///
/// @param filters one at least
public record AnyOf(List<Filter> filters) implements Filter {

  public AnyOf {
    filters = List.copyOf(filters);
  }

  @Override
  public void filter(Passage passage) {
    attempt(passage, 0);
  }

  private void attempt(Passage passage, int place) {
    boolean last = place == filters.size() - 1;
    filters.get(place).filter(last ? passage : new Attempt(passage, place + 1));
  }

  /// A passage whose answer is not given, since another filter may let the request go on.
  private final class Attempt implements Passage {
    private final Passage whole;
    private final int next;

    Attempt(Passage whole, int next) {
      this.whole = whole;
      this.next = next;
    }

    @Override
    public RequestView request() {
      return whole.request();
    }

    @Override
    public String target() {
      return whole.target();
    }

    @Override
    public List<Map.Entry<String, String>> headers() {
      return whole.headers();
    }

    @Override
    public InetAddress client() {
      return whole.client();
    }

    @Override
    public @Nullable ClientTls tls() {
      return whole.tls();
    }

    @Override
    public Executor loop() {
      return whole.loop();
    }

    @Override
    public void goOn() {
      whole.goOn();
    }

    @Override
    public void answer(int status) {
      attempt(whole, next);
    }

    @Override
    public void answer(Action.Respond respond, HeaderEdits headers) {
      attempt(whole, next);
    }

    @Override
    public void redirect(int status, String location) {
      attempt(whole, next);
    }

    @Override
    public void editRequest(HeaderEdits edits) {
      whole.editRequest(edits);
    }

    @Override
    public void editResponse(HeaderEdits edits) {
      whole.editResponse(edits);
    }

    @Override
    public void changeResponse(Consumer<Headers> change) {
      whole.changeResponse(change);
    }

    @Override
    public void limitContent(long most) {
      whole.limitContent(most);
    }

    @Override
    public void limitRate(long perSecond, long after) {
      whole.limitRate(perSecond, after);
    }

    @Override
    public void leaveOutOfLog() {
      whole.leaveOutOfLog();
    }

    @Override
    public void onEnd(Runnable ended) {
      whole.onEnd(ended);
    }
  }
}
