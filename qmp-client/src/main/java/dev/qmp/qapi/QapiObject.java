package dev.qmp.qapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A value that is an object in JSON: a struct or a branch of a union. Immutable. */
public interface QapiObject {

    /** Members that this build does not know, by QEMU's names. They go back into the JSON as they came. */
    Map<String, JsonValue> unknownMembers();

    /** The value as QMP has it; a new object each time. */
    ObjectNode toJson();
}
