package dev.qmp.qapi;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values of the generated types, made by looking at the types: with all members, or with what must be there. */
final class Values {

    /** Types recur: below this depth only what must be there is made. */
    private static final int DEEP = 3;

    private final boolean all;

    private Values(boolean all) {
        this.all = all;
    }

    static Object full(Class<?> record) {
        return new Values(true).record(record, 0);
    }

    static Object least(Class<?> record) {
        return new Values(false).record(record, 0);
    }

    private Object record(Class<?> type, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(components[i], depth);
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class[]::new));
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new AssertionError("cannot make a " + type, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("cannot make a " + type, e);
        }
    }

    private @Nullable Object component(RecordComponent component, int depth) {
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (optional && (!all || depth >= DEEP)) {
            return null;
        }
        if (component.getName().equals("unknownMembers")) {
            return all ? Map.of("x-from-the-future", JsonValue.of("kept")) : Map.of();
        }
        return value(component.getGenericType(), depth + 1);
    }

    private Object value(Type type, int depth) {
        if (type instanceof ParameterizedType list) {
            return List.of(value(list.getActualTypeArguments()[0], depth));
        }
        Class<?> kind = (Class<?>) type;
        if (kind == String.class) {
            return "text \" \u0001 ü";
        } else if (kind == long.class || kind == Long.class) {
            return all ? Long.MIN_VALUE : Long.MAX_VALUE;
        } else if (kind == double.class || kind == Double.class) {
            return 0.1;
        } else if (kind == boolean.class || kind == Boolean.class) {
            return all;
        } else if (kind == Uint64.class) {
            return all ? Uint64.of(BigInteger.TWO.pow(64).subtract(BigInteger.ONE)) : Uint64.of(0);
        } else if (kind == JsonValue.class) {
            // No alternate has a number with a fraction.
            return JsonValue.of(0.5);
        } else if (QapiEnum.class.isAssignableFrom(kind)) {
            return all || depth > DEEP ? tag(kind, "from-the-future") : known(kind);
        }
        List<Class<?>> records = GeneratedTypes.records(kind);
        // The one that is not known, or the first that is: every one of them has a test of its own.
        return record(all || depth >= DEEP ? records.get(records.size() - 1) : records.get(0), depth);
    }

    private static Object tag(Class<?> kind, String value) {
        try {
            return kind.getConstructor(String.class).newInstance(value);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** A known value that makes no union's {@code Other} look like one of its branches. */
    private static Object known(Class<?> kind) {
        try {
            Method known = kind.getMethod("known");
            List<?> values = (List<?>) known.invoke(null);
            return values.isEmpty() ? tag(kind, "none") : values.get(values.size() - 1);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
