package dev.qmp.qapi;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what a value holds only because it is unknown: members, values of enumerations, branches, kinds of JSON. */
final class Unknowns {

    private final List<String> found = new ArrayList<>();

    private Unknowns() {}

    /** The places of what is unknown, empty where all is known. */
    static List<String> in(@Nullable Object value) {
        Unknowns unknowns = new Unknowns();
        unknowns.look("", value);
        return unknowns.found;
    }

    private void look(String path, @Nullable Object value) {
        if (value instanceof QapiEnum one) {
            if (!one.isKnown()) {
                found.add(path + " = " + one.value());
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                look(path + "[" + i + "]", list.get(i));
            }
        } else if (value instanceof Map<?, ?> unknown) {
            unknown.keySet().forEach(name -> found.add(path + "." + name));
        } else if (value instanceof Record record) {
            if (record.getClass().getSimpleName().equals("Other") && !(value instanceof QapiObject)) {
                found.add(path + " is " + value);
            }
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                look(path + "." + component.getName(), read(component, record));
            }
        }
    }

    private static @Nullable Object read(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
