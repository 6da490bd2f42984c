package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.session.EventHub;
import dev.qmp.session.Overflow;
import dev.qmp.session.SubscriptionOptions;
import dev.qmp.wire.Message.Event;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events and states of one connection after the other, on the test's own thread. */
class EventRelayTest {

    private final EventRelay relay = new EventRelay(new EventHub(10, Overflow.DROP_OLDEST, 3, Runnable::run), 10);

    @Test
    void a_late_subscribers_replay_is_of_events_and_not_of_the_changes_of_state_between_them() {
        EventRelay.Gate first = relay.new Gate();
        first.open(new ConnectionState.Closed());
        List.of("STOP", "RESUME").forEach(name -> first.accept(event(name)));
        relay.tell(new ConnectionState.Lost(1, new ConnectionLostException("cut", null)));
        EventRelay.Gate second = relay.new Gate();
        second.accept(event("RESET"));
        second.open(new ConnectionState.Closed());

        List<String> heard = new ArrayList<>();
        List<ConnectionState> states = new ArrayList<>();
        relay.subscribe(
                SubscriptionOptions.DEFAULT.replay(3), event -> true, event -> heard.add(event.name()), states::add);
        assertThat(heard).containsExactly("STOP", "RESUME", "RESET");
        assertThat(states).isEmpty();

        relay.tell(new ConnectionState.Closed());
        assertThat(states).containsExactly(new ConnectionState.Closed());
    }

    @Test
    void a_reconnecting_client_answers_itself_whatever_a_sessions_client_answers() {
        List<String> missing = Arrays.stream(SessionClient.class.getDeclaredMethods())
                .filter(method -> overrides(QmpClient.class, method))
                .filter(method -> !overrides(ReconnectingClient.class, method))
                .map(Method::toString)
                .toList();
        assertThat(missing).isEmpty();
    }

    private static boolean overrides(Class<?> type, Method method) {
        return !Modifier.isStatic(method.getModifiers())
                && !method.isBridge()
                && Arrays.stream(type.getDeclaredMethods())
                        .anyMatch(one -> one.getName().equals(method.getName())
                                && Arrays.equals(one.getParameterTypes(), method.getParameterTypes()));
    }

    private static Event event(String name) {
        return new Event(name, JsonNodeFactory.instance.objectNode(), null);
    }
}
