"""The stages of a window, one module each, in the order in which they run.

read_documents → publish_documents, publish_records → close_window → embed → link → index. A stage is a function of the
window's manifest and of what earlier stages left in the stores, so it may run again at any time and in any process; it
knows no orchestrator. How a thing is read, judged or stored belongs to the modules that the stages call.
"""
